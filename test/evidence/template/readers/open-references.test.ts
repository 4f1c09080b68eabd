import { readNetwork, type TemplateFile } from '../../../../lib/evidence/template';

const NET = {
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.1.0/24' } },
};
const HOST = { Host: { Type: 'AWS::EC2::Instance', Properties: { ImageId: 'ami-1', SubnetId: { Ref: 'Place' } } } };
const nested = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://bucket/it.yaml' } };

function file(stack: string, Resources: object, more: Partial<TemplateFile> = {}): TemplateFile {
  const text = JSON.stringify({ Parameters: { Place: { Type: 'String' } }, Resources });
  return { stack, file: `${stack}.json`, text, ...more };
}

function placesOf(host: string, ...files: readonly TemplateFile[]): readonly string[] | undefined {
  return readNetwork(files, {}).network.interfaces.find(({ id }) => id === host)?.subnets;
}

describe('a subnet that only a parameter names', () => {
  test.each(['app', 'net.prod', 'net/prod'])(
    'may be one that another template makes, whatever the two are called: %s',
    (name) => {
      expect(placesOf(`${name}.Host`, file('net', NET), file(name, HOST))).toContain('net.Subnet');
    },
  );

  test('is none of those that stacks of the same outermost stack make: nobody needs a parameter for them', () => {
    const root = file('root', { Net: nested, App: nested });
    const net = file('root/Net', NET, { parent: { stack: 'root', logicalId: 'Net' } });
    const app = file('app', HOST, { parent: { stack: 'root', logicalId: 'App' } });
    expect(placesOf('app.Host', root, net, app)).not.toContain('root/Net.Subnet');
  });
});
