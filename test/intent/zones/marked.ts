/** Zone files for tests, with ⟦brackets⟧ around the words that a caret should stand under. */
import type { ZoneFileText } from '../../../lib/intent/zones';

export interface MarkedFile extends ZoneFileText {
  readonly mark?: { readonly file: string; readonly line: number; readonly column: number; readonly length: number };
}

export function marked(text: string, file = 'estate.yaml'): MarkedFile {
  const start = text.indexOf('⟦');
  if (start < 0) return { file, text };
  const length = text.indexOf('⟧') - start - 1;
  const before = text.slice(0, start).split('\n');
  const mark = { file, line: before.length, column: (before.at(-1) ?? '').length + 1, length };
  return { file, text: text.replace('⟦', '').replace('⟧', ''), mark };
}

/** A small estate that is right: what a test adds to it is what is wrong. */
export const HEADER = 'cordon: 1\nestate: test\nregion: eu-west-2\naddressing: { pool: 10.64.0.0/12 }\n';

export const ZONES = `sites:
  campus: { connect: vpn, gateway: { ip: 203.0.113.10, asn: 65010 } }
zones:
  ward: { at: { site: campus, cidr: 10.130.0.0/24 }, data: phi }
  ehr:
    at: { vpc: { size: 24 } }
    data: phi
    assets: { app: { serves: [https] }, database: { serves: [postgres], from: [app] } }
  guest: { at: { site: campus, cidr: 10.200.0.0/18 }, trust: untrusted }
  portal: { at: { vpc: { size: 24 } }, data: phi, gate: patients sign in here, assets: { web: { serves: [https] } } }
  lab: { at: { vpc: { size: 24 } } }
`;
