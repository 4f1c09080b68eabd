/**
 * Lambda functions in a VPC (facts 36, 37); who calls them is read in function-doors.ts.
 */
import { isUnknown } from '../../network';
import { at, isAbsent, textOf } from './property';
import type { Reader, Readers } from './reading';
import { workload } from './workload';

const lambda = workload('function');

/** A notebook may keep a second interface in a network of SageMaker's, with a way to the internet (fact 37). */
const notebook: Reader = {
  ...workload('workload'),
  connect(resource, reading) {
    if (isAbsent(at(resource.properties, 'SubnetId'))) return;
    const access = textOf(at(resource.properties, 'DirectInternetAccess')) ?? 'Enabled';
    if (!isUnknown<string>(access) && access.toLowerCase() === 'disabled') return;
    const reason = 'direct internet access gives the notebook a second way out, past the VPC';
    reading.unmodelled(resource, reason, [resource.id]);
  },
};

export const functionReaders: Readers = {
  'AWS::Lambda::Function': lambda,
  'AWS::Serverless::Function': lambda,
  'AWS::SageMaker::NotebookInstance': { ...notebook, model: 'may-must' },
};
