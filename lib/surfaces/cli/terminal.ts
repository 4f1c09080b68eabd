/**
 * What a command may touch of the world around it: where it writes, where it stands, what day it is. Tests bring their own.
 */
import { createColors } from 'picocolors';

export interface Terminal {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** a person watches standard error: progress is welcome */
  readonly interactive: boolean;
  /** standard output can show colour */
  readonly colorful: boolean;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** YYYY-MM-DD */
  readonly today: string;
  /** milliseconds that only ever grow */
  readonly now: () => number;
}

export function processTerminal(): Terminal {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    interactive: process.stderr.isTTY === true,
    colorful: !NO_COLOR && (process.stdout.isTTY === true || Boolean(FORCE_COLOR && FORCE_COLOR !== '0')),
    cwd: process.cwd(),
    env: process.env,
    today: new Date().toISOString().slice(0, 10),
    now: () => performance.now(),
  };
}

export type Colors = ReturnType<typeof createColors>;

export function colorsOf(enabled: boolean): Colors {
  return createColors(enabled);
}
