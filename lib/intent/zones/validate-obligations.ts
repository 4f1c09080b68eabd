/** Obligations: each speaks of something, and no conduit plainly allows what one forbids. */
import type { DiagnosticLog } from './diagnostic-codes';
import { selectedZones } from './obligation';
import { formatEnd } from './validate-conduits';
import type { Conduit, Obligation, ZoneModel } from './zone-model';

export function validateObligations(model: ZoneModel, log: DiagnosticLog): void {
  for (const obligation of model.obligations) {
    const from = new Set(selectedZones(obligation.from, model.zones));
    const to = new Set(selectedZones(obligation.to, model.zones));
    if (obligation.origin === 'written') reportEmpty(obligation, from.size, to.size, log);
    const gates = new Set(obligation.except);
    for (const conduit of model.conduits) {
      const { from: start, to: end } = conduit;
      if (start.zone === end.zone || !from.has(start.zone) || !to.has(end.zone)) continue;
      if (!gates.has(start.zone) && !gates.has(end.zone)) reportContradiction(conduit, obligation, log);
    }
  }
}

function reportEmpty(obligation: Obligation, from: number, to: number, log: DiagnosticLog): void {
  for (const [key, count] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (count > 0) continue;
    log.report(
      'NEVER_SELECTS_NOTHING',
      obligation[key].source,
      `\`${key}\` of obligation \`${obligation.id}\` selects no zone`,
      {
        help: 'it holds today because it says nothing: check the names and the data classes',
      },
    );
  }
}

function reportContradiction(conduit: Conduit, obligation: Obligation, log: DiagnosticLog): void {
  const { from, to, name } = conduit;
  const forbids =
    obligation.origin === 'standing' ? `what always holds: ${obligation.why}` : `obligation \`${obligation.id}\``;
  log.report(
    'CONDUIT_CONTRADICTS_NEVER',
    conduit.source,
    `conduit \`${name}\` from \`${formatEnd(from)}\` to \`${formatEnd(to)}\` contradicts ${forbids}`,
    {
      help: 'remove the conduit, or lead it through a zone that is a gate (`gate: <why>`) and that the obligation excepts',
      related: [
        {
          message: obligation.origin === 'standing' ? 'it holds for every estate' : 'the obligation',
          span: obligation.source,
        },
      ],
    },
  );
}
