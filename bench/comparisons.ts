/** The two measurements that are not of verification: a batch of questions, and what the engine is worth against trace. */
import type { AllPairsMeasure } from './all-pairs-by-trace';
import { measure, synthesized } from './child';
import type { ExplainMeasure } from './explain-batch';

/** 100 VPCs: half as many as zones */
const EXPLAIN_ZONES = 200;
/** the largest that trace finishes in its minute counts */
const ALL_PAIRS_ZONES = [4, 5, 6, 7, 8, 9, 10, 12, 14, 16];
/** what issue 3 asks for */
const TRACE_COSTS = 100;

export function measureExplain(): ExplainMeasure {
  process.stderr.write('measuring a batch of questions …\n');
  return measure<ExplainMeasure>('explain', String(EXPLAIN_ZONES), synthesized(EXPLAIN_ZONES).assembly);
}

export function explainRatios({ milliseconds: { parse, read, explain } }: ExplainMeasure) {
  return { toParse: explain / parse, toRead: explain / read };
}

export function renderExplain(measured: ExplainMeasure): string {
  const { vpcs, queries, verdicts, milliseconds, peakMegabytes } = measured;
  const { toParse, toRead } = explainRatios(measured);
  const counts = Object.entries(verdicts).map(([verdict, count]) => `${count} ${verdict}`);
  return (
    `explain: ${queries} questions about ${vpcs} VPCs in ${(milliseconds.explain / 1000).toFixed(1)} s, reading included: ` +
    `${toParse.toFixed(0)} × parse, ${toRead.toFixed(1)} × read; ${counts.join(', ')}; ${peakMegabytes} MB`
  );
}

/** Ever larger estates, until trace does not finish. */
export function measureAllPairs(): AllPairsMeasure | undefined {
  let largest: AllPairsMeasure | undefined;
  for (const zones of ALL_PAIRS_ZONES) {
    process.stderr.write(`measuring all pairs of ${zones} zones by trace …\n`);
    const measured = measure<AllPairsMeasure>('all-pairs', String(zones), synthesized(zones).assembly);
    if (!measured.finished) break;
    largest = measured;
  }
  return largest;
}

export function traceCosts({ milliseconds: { engine, trace } }: AllPairsMeasure): number {
  return trace / engine;
}

export function meetsTraceTarget(measured: AllPairsMeasure): boolean {
  return traceCosts(measured) >= TRACE_COSTS;
}

export function renderAllPairs(measured: AllPairsMeasure): string {
  const { zones, pairs, traces, open, milliseconds } = measured;
  return (
    `all pairs of ${zones} zones, ${pairs} pairs: the engine finds ${open.engine} open in ` +
    `${milliseconds.engine.toFixed(0)} ms; ${traces} traces find ${open.trace} in ` +
    `${(milliseconds.trace / 1000).toFixed(1)} s, ${traceCosts(measured).toFixed(0)} × as long (must be at least ${TRACE_COSTS} ×)`
  );
}
