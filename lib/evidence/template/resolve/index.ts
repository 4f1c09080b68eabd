/**
 * Templates of anyone -> resources with every intrinsic resolved exactly, left as a reference, or honestly unknown.
 * Imports `base`, `network` and the parsed templates beside it.
 *
 * - `estate.ts`: all stacks together: nesting, exports and imports
 * - `stack-resolver.ts`: one stack: its parameters, conditions, outputs, and what its names stand for
 * - `evaluator.ts`: one value, by the functions in it
 * - `intrinsics.ts`, `conditions.ts`, `cidr.ts`, `text.ts`, `for-each.ts`: one function each
 * - `transforms.ts`: what macros may do
 */
export { resolveTemplates } from './resolve-templates';
