import {
  addressAt,
  formatAddress,
  formatPrefix,
  hasHostBits,
  lastAddress,
  parseAddress,
  parsePrefix,
  prefixContains,
  tryParseAddress,
  tryParsePrefix,
  tryParseProtocol,
} from '../../../lib/base/net';

describe('addresses', () => {
  test.each([
    ['10.0.1.5', '10.0.1.5'],
    ['255.255.255.255', '255.255.255.255'],
    ['2001:DB8::5', '2001:db8::5'],
    ['::', '::'],
    ['::ffff:10.0.0.1', '::ffff:a00:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ])('%s is written %s', (given, expected) => expect(formatAddress(parseAddress(given))).toBe(expected));

  test.each([
    '',
    '10.0.0',
    '10.0.0.256',
    '1.2.3.4.5',
    '10.0.0.0/8',
    ':::',
    '1::2::3',
    'g::',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7',
  ])('`%s` is no address', (given) => expect(tryParseAddress(given)).toBeUndefined());
});

describe('prefixes', () => {
  test('host bits are masked down, as AWS does, never rounded up', () => {
    expect(formatPrefix(parsePrefix('10.0.0.255/24'))).toBe('10.0.0.0/24');
    expect(formatPrefix(parsePrefix('2001:db8::7/32'))).toBe('2001:db8::/32');
    expect(hasHostBits('10.0.0.255/24')).toBe(true);
    expect(hasHostBits('10.0.0.0/24')).toBe(false);
  });

  test.each(['10.0.0.0', '10.0.0.0/33', '2001:db8::/129', '/8', '10.0.0.0/', '10.0.0.0/-1'])(
    '`%s` is no range',
    (given) => expect(tryParsePrefix(given)).toBeUndefined(),
  );

  test('ends and offsets', () => {
    expect(formatAddress(lastAddress(parsePrefix('10.0.0.0/22')))).toBe('10.0.3.255');
    expect(formatAddress(addressAt(parsePrefix('10.0.0.0/8'), 65536 + 7))).toBe('10.1.0.7');
    expect(formatAddress(addressAt(parsePrefix('2001:db8::ffff:ffff/128'), 1))).toBe('2001:db8::1:0:0');
    expect(prefixContains(parsePrefix('0.0.0.0/0'), parsePrefix('10.0.0.0/8'))).toBe(true);
    expect(prefixContains(parsePrefix('0.0.0.0/0'), parsePrefix('::/0'))).toBe(false);
  });
});

describe('protocols come as names or numbers', () => {
  test.each([
    ['tcp', 6],
    ['TCP', 6],
    ['6', 6],
    [6, 6],
    ['-1', 'all'],
    [-1, 'all'],
    ['icmpv6', 58],
    ['58', 58],
    ['256', undefined],
    ['nonsense', undefined],
  ])('%p is %p', (given, expected) => expect(tryParseProtocol(given)).toBe(expected));
});
