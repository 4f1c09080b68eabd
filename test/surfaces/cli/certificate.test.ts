import { createHash } from 'node:crypto';
import { sealOf } from '../../../lib/evidence/certificate';
import { Console, FROM_WARD, template, ZONES } from './console';

const cli = new Console();
afterAll(() => cli.remove());

const shut = template([]);

async function certified() {
  cli.write('zones.yaml', ZONES).write('net.json', shut);
  const verified = await cli.run('verify', '--template', 'net.json', '--zones', 'zones.yaml', '--certificates', 'out');
  return { verified, file: JSON.parse(cli.read('out/certificates.json')) };
}

const check = (certificates: string, net: string, ...more: string[]) =>
  cli.run('certificate', 'check', certificates, '--template', net, ...more);

describe('cordon certificate check', () => {
  test('what verify wrote holds for the templates that it was written of', async () => {
    const { verified } = await certified();
    expect(verified.stderr).toMatch(/certificates for \d+ of \d+ proved claims/);
    for (const given of ['out', 'out/certificates.json']) {
      const { code, stdout } = await check(given, 'net.json', '--json');
      const document = JSON.parse(stdout);
      expect({ code, verdict: document.verdict, problems: document.problems }).toEqual({
        code: 0,
        verdict: 'proved',
        problems: [],
      });
      expect(document.claims.map(({ id }: { id: string }) => id)).toContain('isolation/internet/chart');
    }
    const { stdout } = await check('out', 'net.json');
    expect(stdout).toMatch(/the certificates hold: \d+ claims of isolation, \d+ of what never happens/);
  });

  test('a proved claim that got none is named with the reason, in JSON too', async () => {
    const argv = ['verify', '--template', 'net.json', '--zones', 'zones.yaml', '--certificates', 'out'];
    cli.write('zones.yaml', ZONES).write('net.json', shut);
    expect((await cli.run(...argv)).stderr).toMatch(/none for binding: the binding is what every certificate rests on/);
    const { claims, certificates } = JSON.parse((await cli.run(...argv, '--json')).stdout);
    const proved = claims.filter(
      ({ kind, verdict }: { kind: string; verdict: string }) => verdict === 'proved' && /isolation|never/.test(kind),
    );
    expect(certificates).toEqual({
      file: 'out/certificates.json',
      certified: proved.length - 1,
      without: [{ claim: 'binding', because: 'the binding is what every certificate rests on' }],
    });
  });

  test('with the zone file, the certificates show what their names say', async () => {
    await certified();
    expect((await check('out', 'net.json', '--zones', 'zones.yaml')).code).toBe(0);
  });

  test('a claim that says less than its name is found out, though it is sealed anew', async () => {
    const { file } = await certified();
    const { certificates } = file;
    for (const one of certificates.claims) if (one.kind === 'isolation') one.forbidden = 0;
    certificates.seal = sealOf(certificates, (text) => createHash('sha256').update(text).digest('hex'));
    cli.write('forged.json', JSON.stringify(file));
    expect((await check('forged.json', 'net.json')).code).toBe(0);
    const { code, stdout } = await check('forged.json', 'net.json', '--zones', 'zones.yaml');
    expect({ code, stdout }).toEqual({ code: 2, stdout: expect.stringContaining('it is not shown in full') });
  });

  const sealed = (file: { certificates: Parameters<typeof sealOf>[0] & { seal: string } }) => {
    file.certificates.seal = sealOf(file.certificates, (text) => createHash('sha256').update(text).digest('hex'));
    return JSON.stringify(file);
  };

  test('a name that means less than the estate binds to it is found out', async () => {
    const { file } = await certified();
    file.certificates.places.chart.receivers.pop();
    cli.write('forged.json', sealed(file));
    expect((await check('forged.json', 'net.json')).code).toBe(0);
    const { code, stdout } = await check('forged.json', 'net.json', '--zones', 'zones.yaml');
    expect({ code, stdout }).toEqual({ code: 2, stdout: expect.stringContaining('is not what the estate binds') });
  });

  test('what nobody understands leaves the claims about its zone open, whatever a certificate says', async () => {
    const odd = JSON.parse(shut);
    odd.Resources.Odd = { Type: 'Custom::Odd', Properties: { ServiceToken: 'x', Subnet: { Ref: 'ChartSubnet' } } };
    cli.write('zones.yaml', ZONES).write('odd.json', JSON.stringify(odd));
    await cli.run('verify', '--template', 'odd.json', '--zones', 'zones.yaml', '--certificates', 'out');
    const file = JSON.parse(cli.read('out/certificates.json'));
    const claim = { kind: 'isolation', id: 'isolation/internet/chart', from: 'internet', to: 'chart', forbidden: 1 };
    expect(file.certificates.claims).not.toContainEqual(claim);
    file.certificates.claims.push(claim);
    cli.write('forged.json', sealed(file));
    expect((await check('forged.json', 'odd.json')).stdout).toMatch(/not understood, so not spoken of: odd.Odd/);
    const { code, stdout } = await check('forged.json', 'odd.json', '--zones', 'zones.yaml');
    expect({ code, stdout }).toEqual({ code: 2, stdout: expect.stringContaining('not understood: odd.Odd') });
  });

  test('a file without claims shows nothing', async () => {
    const { file } = await certified();
    file.certificates.claims = [];
    file.certificates.seal = sealOf(file.certificates, (text) => createHash('sha256').update(text).digest('hex'));
    cli.write('forged.json', JSON.stringify(file));
    const { code, stdout } = await check('forged.json', 'net.json');
    expect({ code, stdout }).toEqual({ code: 4, stdout: expect.stringContaining('no claims') });
  });

  test('it holds for no other template', async () => {
    await certified();
    cli.write('net.json', template([FROM_WARD]));
    const { code, stdout } = await check('out', 'net.json');
    expect(code).toBe(2);
    expect(stdout).toMatch(/another network/);
  });

  test('it holds no more once its claims are changed', async () => {
    const { file } = await certified();
    file.certificates.claims[0].id = 'isolation/everyone/everything';
    cli.write('forged.json', JSON.stringify(file));
    const { code, stdout } = await check('forged.json', 'net.json');
    expect({ code, stdout }).toEqual({ code: 2, stdout: expect.stringContaining('seal') });
  });

  test.each([
    ['a file that holds something else', ['zones.yaml', '--template', 'net.json'], 'CERTIFICATE_NOT_JSON'],
    ['a file that is not there', ['nowhere.json', '--template', 'net.json'], 'FILE_NOT_FOUND'],
    ['no templates', ['out'], 'CLI_USAGE'],
  ])('%s is a mistake in the input', async (_, argv, code) => {
    await certified();
    const outcome = await cli.run('certificate', 'check', ...argv, '--json');
    expect(outcome.code).toBe(3);
    expect(JSON.parse(outcome.stdout).diagnostics[0].code).toBe(code);
  });
});
