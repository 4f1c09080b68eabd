/**
 * Lambda functions in a VPC (facts 36, 37). A function URL makes one a bridge from the internet.
 */
import { isUnknown } from '../../network';
import { at, isAbsent, referencesIn, textOf } from './property';
import { originOf, type Reader, type Readers } from './reading';
import { workload } from './workload';

const lambda = workload('function');

const functionUrl: Reader = {
  model: 'may-must',
  connect(resource, reading) {
    const property = at(resource.properties, 'TargetFunctionArn');
    const shown = referencesIn(property).map(({ reference }) => reading.get('interfaces', reference.resource));
    const inVpc = shown.flatMap((noun) => (noun ? [noun.id] : []));
    if (inVpc.length === 0) return;
    const auth = textOf(at(resource.properties, 'AuthType'));
    const anyone = auth !== undefined && !isUnknown<string>(auth) && auth.toUpperCase() === 'NONE';
    const whom = anyone ? 'anyone on the internet' : 'whom IAM admits, from the internet,';
    reading.add('bridges', {
      id: resource.id,
      origin: originOf(resource),
      certain: resource.certain,
      reason: `its URL lets ${whom} call a function that stands in the VPC`,
      from: 'internet',
      to: inVpc.map((id) => ({ kind: 'interface', id })),
      // Whether the function's own policy lets everyone call is not read.
      open: false,
    });
  },
};

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
  'AWS::Lambda::Url': { ...functionUrl, model: 'may-must' },
  'AWS::SageMaker::NotebookInstance': { ...notebook, model: 'may-must' },
};
