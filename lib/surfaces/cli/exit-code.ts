/** Exit codes (CONTRACTS): 0 proved or done, 1 the tool failed, 2 violated, 3 the input is invalid, 4 unknown. */
import type { Verdict } from '../../verdict';

export type ExitCode = 0 | 1 | 2 | 3 | 4;

export const DONE = 0;
export const TOOL_FAILED = 1;
export const VIOLATED = 2;
export const INPUT_INVALID = 3;
export const UNKNOWN = 4;

/** With several verdicts the gravest decides. */
const GRAVEST_FIRST: readonly ExitCode[] = [TOOL_FAILED, INPUT_INVALID, VIOLATED, UNKNOWN, DONE];

export function gravestCode(codes: readonly ExitCode[]): ExitCode {
  return GRAVEST_FIRST.find((code) => codes.includes(code)) ?? DONE;
}

export function codeOf(verdict: Verdict): ExitCode {
  switch (verdict) {
    case 'proved':
      return DONE;
    case 'violated':
      return VIOLATED;
    default:
      return UNKNOWN;
  }
}
