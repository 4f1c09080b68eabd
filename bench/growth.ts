/**
 * How cost grows with the size of an estate: the exponents of time and of memory, by least squares on logarithms. One
 * means in proportion to what exists, two with its square.
 */
import { synthesized, verified } from './child';

/** what issue 3 asks for */
export const GROWTH_TARGETS = { time: 1.15, memory: 1.1, peak: { zones: 4000, megabytes: 1536 } };

export interface GrowthPoint {
  readonly zones: number;
  readonly resources: number;
  /** read + reach + verify + certify */
  readonly milliseconds: number;
  /** of verifying and certifying, or of checking, each in a process of its own */
  readonly peakMegabytes: number;
}

export interface Growth {
  readonly points: readonly GrowthPoint[];
  readonly exponents: { readonly time: number; readonly memory: number };
}

/** Each size in a process of its own; assemblies are kept for the next run. */
export function measureGrowth(sizes: readonly number[]): Growth {
  const points = sizes.map((zones): GrowthPoint => {
    process.stderr.write(`measuring ${zones} zones …\n`);
    const { assembly } = synthesized(zones);
    const { verify, check } = verified(String(zones), assembly);
    const { resources, milliseconds } = verify;
    const point = {
      zones,
      resources,
      milliseconds: milliseconds.read + milliseconds.verify + milliseconds.certify,
      peakMegabytes: Math.max(verify.peakMegabytes, check.peakMegabytes),
    };
    process.stderr.write(`${rowOf(point)}\n`);
    return point;
  });
  const time = exponent(points.map((point) => [point.zones, point.milliseconds]));
  const memory = exponent(points.map((point) => [point.zones, point.peakMegabytes]));
  return { points, exponents: { time, memory } };
}

/** The slope of the line that fits the logarithms of both best. */
export function exponent(points: readonly (readonly [size: number, cost: number])[]): number {
  const logs = points.map(([size, cost]) => [Math.log(size), Math.log(cost)] as const);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(logs.map(([size]) => size)), mean(logs.map(([, cost]) => cost))];
  const covariance = logs.reduce((sum, [size, cost]) => sum + (size - x) * (cost - y), 0);
  const variance = logs.reduce((sum, [size]) => sum + (size - x) ** 2, 0);
  return covariance / variance;
}

function rowOf({ zones, resources, milliseconds, peakMegabytes }: GrowthPoint): string {
  return (
    `${String(zones).padStart(6)} zones  ${String(resources).padStart(7)} resources  ` +
    `${(milliseconds / 1000).toFixed(1).padStart(7)} s  ${String(peakMegabytes).padStart(5)} MB`
  );
}

export function renderGrowth({ points, exponents }: Growth): string {
  const { time, memory, peak } = GROWTH_TARGETS;
  return [
    ...points.map(rowOf),
    `time grows with zones^${exponents.time.toFixed(2)} (must be at most ${time}), ` +
      `memory with zones^${exponents.memory.toFixed(2)} (at most ${memory}); ` +
      `${peak.zones} zones may take ${peak.megabytes} MB`,
  ].join('\n');
}

export function meetsGrowthTargets({ points, exponents }: Growth): boolean {
  const { time, memory, peak } = GROWTH_TARGETS;
  const isSmall = points.every(({ zones, peakMegabytes }) => zones > peak.zones || peakMegabytes <= peak.megabytes);
  return exponents.time <= time && exponents.memory <= memory && isSmall;
}
