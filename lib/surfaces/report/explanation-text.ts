/** `cordon explain` on a terminal: the verdict, the way there and back, and everything that stops it. */
import { formatPortRange } from '../../base/net';
import type { Hop } from '../../evidence/network';
import type { Explanation, FlowVerdict, SingleEdit } from '../../verdict';
import { type Cell, type Paint, table } from './text';

export interface AskedFlow {
  readonly from: string;
  readonly to: string;
  readonly protocol: string | number;
  readonly port?: number;
}

export function renderExplanation(
  asked: AskedFlow,
  answer: Explanation & { readonly oneEditAway?: SingleEdit },
  paint: Paint,
): string {
  const port = asked.port === undefined ? '' : ` ${asked.port}`;
  const ports = answer.forward.ports.map(([from, to]) => formatPortRange({ from, to })).join(', ');
  const lines = [
    `${paintVerdict(answer.verdict, paint)} ${paint.bold(`${asked.from} -> ${asked.to}`)} ${asked.protocol}${port}`,
    ...(asked.port === undefined && ports !== '' ? [`  ports: ${ports}`] : []),
    ...direction('there', answer.forward.verdict, answer.forward.hops, paint),
    ...direction('back', answer.reply.verdict, answer.reply.hops, paint),
  ];
  if (answer.blockers.length > 0) {
    const rows = answer.blockers.map(({ resource, kind, reason, direction: way }): Cell[] => [
      { text: kind, paint: paint.red },
      way,
      resource,
      reason,
    ]);
    lines.push('', paint.bold('What stops it'), ...table(rows));
  }
  if (answer.oneEditAway) {
    const { resource, what } = answer.oneEditAway;
    lines.push('', `${paint.yellow('One edit away')}: it passes as soon as ${resource} gets ${what}`);
  }
  if (answer.unknowns.length > 0) {
    lines.push('', paint.bold('Not understood'));
    lines.push(...answer.unknowns.map(({ resource, reason }) => `  ${paint.yellow(resource)}  ${reason}`));
  }
  if (answer.parameters.length > 0) lines.push('', `It hangs on the parameters ${answer.parameters.join(', ')}`);
  return `${lines.join('\n')}\n`;
}

function direction(name: string, verdict: FlowVerdict, hops: readonly Hop[], paint: Paint): string[] {
  if (hops.length === 0) return [];
  const rows = hops.map((hop): Cell[] => [
    { text: hop.decision, paint: hop.decision === 'denied' || hop.decision === 'dropped' ? paint.red : paint.dim },
    hop.location,
    hop.rule === undefined ? hop.reason : `${hop.reason} [${hop.rule}]`,
  ]);
  return ['', `${paint.bold(name)}: ${paintVerdict(verdict, paint)}`, ...table(rows)];
}

function paintVerdict(verdict: FlowVerdict, paint: Paint): string {
  if (verdict === 'reachable') return paint.green(verdict);
  return verdict === 'blocked' ? paint.red(verdict) : paint.yellow(verdict);
}
