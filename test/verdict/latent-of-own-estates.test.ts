/** What Cordon builds has at least two layers between any two zones that no conduit joins: nothing is one edit away. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { isRuleEdit, LIFTS } from '../../lib/evidence/edits';
import { readAssembly, readNetwork } from '../../lib/evidence/template';
import { synthesizeEstate } from '../../lib/intent/constructs';
import { readEstate } from '../../lib/intent/zones';
import { gatherEvidence, verifyEstate } from '../../lib/verdict';
import { AS_OF } from './scenario';

const ESTATES = path.join(__dirname, '..', '..', 'zones');

function verify(estate: string) {
  const folder = path.join(ESTATES, estate);
  const names = fs.readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const files = names.map((file) => ({ file, text: fs.readFileSync(path.join(folder, file), 'utf8') }));
  const { model } = readEstate(files, { today: AS_OF });
  if (!model) throw new Error(`${estate} is not valid`);
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'cordon-latent-'));
  try {
    synthesizeEstate(model, outdir);
    const { files: templates } = readAssembly((file) => {
      const full = path.join(outdir, file);
      return fs.existsSync(full) ? fs.readFileSync(full, 'utf8') : undefined;
    });
    const { network } = readNetwork(templates, { region: model.region });
    const evidence = gatherEvidence(network);
    return { network, result: verifyEstate({ model, network, evidence, asOf: AS_OF, latent: true }) };
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
}

test.each(['clinic', 'hospital', 'group', 'riverside'])('%s', (estate) => {
  const { network, result } = verify(estate);
  expect({ verdict: result.verdict, latent: result.latent }).toEqual({ verdict: 'proved', latent: [] });
  // not for want of edits to make
  const kinds = new Set(LIFTS.flatMap((liftOf) => liftOf(network)?.kind ?? []));
  expect([...kinds].some(isRuleEdit)).toBe(true);
  expect(kinds).toContain('transit-gateway');
});
