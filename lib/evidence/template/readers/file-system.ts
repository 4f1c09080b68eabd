/**
 * File systems: mount targets of EFS, and FSx.
 */
import { addInterface } from './interface';
import { partOf } from './part-of-host';
import { placedGroups, placedSubnets } from './place';
import { at } from './property';
import type { Reader, Readers } from './reading';
import { workload } from './workload';

/**
 * Users name the file system; its mount targets are what stands in the network. They call nobody back: "client delegation or
 * callbacks of any type" are not supported (https://docs.aws.amazon.com/efs/latest/ug/nfs4-unsupported-features.html).
 */
const mountTarget: Reader = {
  model: 'exact',
  populate(resource, reading) {
    addInterface(resource, reading, {
      kind: 'mount-target',
      subnets: placedSubnets(resource, reading),
      securityGroups: placedGroups(resource, reading),
      addresses: at(resource.properties, 'IpAddress'),
      publicIpv4: false,
      ipv6: 'if-subnet-has',
      answersOnly: true,
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
  'AWS::EFS::MountTarget': partOf(mountTarget, 'FileSystemId', 'AWS::EFS::FileSystem'),
  'AWS::S3Files::MountTarget': partOf(mountTarget, 'FileSystemId', 'AWS::S3Files::FileSystem'),
  'AWS::FSx::FileSystem': fsx,
  'AWS::FSx::FileCache': workload('mount-target'),
};
