import * as cordon from '../../lib';

test('the library gives a CDK app what the README uses, and a test the stages behind it', () => {
  const { addSegmentationChecks, Estate, planNetwork, readNetwork, verifyEstate } = cordon;
  for (const one of [addSegmentationChecks, Estate, planNetwork, readNetwork, verifyEstate]) {
    expect(typeof one).toBe('function');
  }
  const { model, diagnostics } = cordon.readEstate([
    {
      file: 'estate.yaml',
      text: 'cordon: 1\nestate: tiny\nregion: eu-west-2\naddressing: { pool: 10.64.0.0/16 }\nzones:\n  a: { purpose: one, at: { vpc: { size: 24 } } }\n',
    },
  ]);
  expect(cordon.hasErrors(diagnostics)).toBe(false);
  expect(model?.zones.map(({ name }) => name)).toEqual(['a']);
});
