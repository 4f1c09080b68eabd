/**
 * NetworkPlan -> CDK constructs and a cloud assembly. The only folder of this wing that imports aws-cdk-lib; it decides
 * nothing that the plan has not decided.
 */
export { addressFileOf, readAddresses, writeAddresses } from './address-file';
export { Estate, type EstateProps } from './estate';
export { EstateError } from './estate-error';
export { QUIET_APP, type SynthesizedEstate, type SynthesizeOptions, synthesizeEstate } from './synthesize-estate';
export { ZoneAttachment } from './zone-attachment';
