/**
 * Reports: a result becomes text for a terminal, Markdown, SARIF or JUnit. Pure siblings: result in, text out.
 * May import base, intent/zones, intent/plan types and verdict; writes no file.
 */
export { renderExplanation } from './explanation-text';
export { renderJunit } from './junit';
export { renderMarkdown } from './markdown';
export { renderPlan } from './plan-text';
export { renderSarif } from './sarif';
export { type Paint, PLAIN } from './text';
export { renderVerdictLine, renderVerification, type VerificationContext } from './verification-text';
