/**
 * Edits: one change that somebody could make to one resource, and a whole kind of them made at once, none for certain.
 * NetworkModel -> Lift -> NetworkModel. Imports `base` and `evidence/network` only: both semantics are asked about what
 * comes out, and neither knows that it was edited.
 */
export { type Edit, type EditKind, isRuleEdit, type Lift } from './edit';
export { LIFTS, type LiftOf } from './lifts';
