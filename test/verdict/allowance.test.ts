import { PacketSet, parseAddress } from '../../lib/base/net';
import { readEstate } from '../../lib/intent/zones';
import { Allowance } from '../../lib/verdict/allowance';

const TEXT = `cordon: 1
estate: small
region: eu-west-2
zones:
  ward: { purpose: Asks, at: { template: { subnets: [Ward] } }, data: none }
  chart: { purpose: Answers, at: { template: { subnets: [Chart] } }, data: none }
conduits:
  ward-pings-chart: { from: ward, to: chart, allow: [icmp] }
`;

test.each([
  ['ping', false],
  ['icmp', true],
])('%s allows echo with any code; other messages: %s', (service, others) => {
  const { model } = readEstate([{ file: 'zones.yaml', text: TEXT.replace('[icmp]', `[${service}]`) }]);
  if (!model) throw new Error('the estate is not valid');
  const allowed = new Allowance(model).packets({ zone: 'ward' }, { zone: 'chart' });
  const ping = (type: number, code: number) =>
    PacketSet.ofOne({
      protocol: 1,
      source: parseAddress('10.0.0.1'),
      destination: parseAddress('10.0.1.1'),
      destinationPort: type,
      sourcePort: code,
    });
  expect(ping(8, 0).isSubsetOf(allowed)).toBe(true);
  expect(ping(8, 7).isSubsetOf(allowed)).toBe(true);
  expect(ping(13, 0).isSubsetOf(allowed)).toBe(others);
  expect(new Allowance(model).packets({ zone: 'chart' }, { zone: 'ward' }).isEmpty()).toBe(true);
});
