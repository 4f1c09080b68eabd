/**
 * File systems: mount targets of EFS, and FSx.
 */
import { addInterface } from './interface';
import { placedGroups, placedSubnets } from './place';
import { at, referencesIn } from './property';
import type { Reader, Readers } from './reading';
import { workload } from './workload';

/** Users name the file system; its mount targets are what stands in the network. */
const mountTarget: Reader = {
  model: 'exact',
  populate(resource, reading) {
    const fileSystems = referencesIn(at(resource.properties, 'FileSystemId')).map(
      ({ reference }) => reference.resource,
    );
    addInterface(resource, reading, {
      kind: 'mount-target',
      subnets: placedSubnets(resource, reading),
      securityGroups: placedGroups(resource, reading),
      addresses: at(resource.properties, 'IpAddress'),
      publicIpv4: false,
      ipv6: 'if-subnet-has',
      aliases: fileSystems,
    });
  },
};

/** File systems over several zones move an address about by routes that they write themselves. */
const fsx: Reader = {
  ...workload('mount-target'),
  model: 'may-must',
  connect(resource, reading) {
    const tables = ['OntapConfiguration', 'OpenZFSConfiguration'].flatMap((configuration) =>
      reading.references(
        'routeTables',
        at(resource.properties, configuration, 'RouteTableIds'),
        resource,
        'RouteTableIds',
      ),
    );
    if (tables.length === 0) return;
    const reason = 'it writes routes to its own endpoint range into these tables';
    reading.unmodelled(resource, reason, [resource.id, ...tables.map((item) => item.value)]);
  },
};

export const fileSystemReaders: Readers = {
  'AWS::EFS::MountTarget': mountTarget,
  'AWS::S3Files::MountTarget': mountTarget,
  'AWS::FSx::FileSystem': fsx,
  'AWS::FSx::FileCache': workload('mount-target'),
};
