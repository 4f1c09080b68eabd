/**
 * What launches things by settings that name no property of the network: the options of Elastic Beanstalk, the parameters of a
 * product or a set of stacks. Whatever of the network their settings refer to, something unknown stands there (fact 36).
 */
import { referencedIn } from './place';
import type { Reader, Readers } from './reading';
import { addUnknownInterface, touchedBy } from './unmodelled';
import { ownGroup } from './workload';

function launching(reason: string): Reader {
  return {
    model: 'unknown',
    connect(resource, reading) {
      const subnets = referencedIn('subnets', resource, reading);
      const groups = referencedIn('securityGroups', resource, reading);
      const touched = touchedBy(resource, reading);
      if (touched.length === 0) return;
      // beside the groups that it is given it makes groups of its own
      if (subnets.length > 0 || groups.length > 0) {
        addUnknownInterface(resource, reading, subnets, [...groups, ownGroup(resource)], reason);
      }
      reading.unmodelled(resource, reason, touched);
    },
  };
}

const BEANSTALK =
  'Elastic Beanstalk launches instances, and a balancer that answers the internet unless its options say otherwise';
const ELSEWHERE = 'what it makes of its parameters is in no template';

export const launcherReaders: Readers = {
  'AWS::ElasticBeanstalk::Environment': launching(BEANSTALK),
  'AWS::ElasticBeanstalk::ConfigurationTemplate': launching(BEANSTALK),
  'AWS::ServiceCatalog::CloudFormationProvisionedProduct': launching(ELSEWHERE),
  'AWS::CloudFormation::StackSet': launching(ELSEWHERE),
  'AWS::DataPipeline::Pipeline': launching('what its activities launch is not followed'),
};
