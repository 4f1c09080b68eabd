/**
 * The cdk-nag surface: turns resource rules and the verdict on the whole assembly into policy violations of a CDK app, so
 * that `cdk synth` fails where a claim fails. May import the zones, the evidence, the verdict and CDK; no other surface.
 */
export { addSegmentationChecks, type SegmentationChecksProps } from './add-segmentation-checks';
export { AssemblyFiles } from './assembly-files';
export {
  HospitalSegmentationChecks,
  type HospitalSegmentationProps,
  type VerifyAssembly,
} from './hospital-segmentation-checks';
export { PACK_NAME } from './pack-name';
export type { SegmentationRule } from './rule';
