/** The house's import rules (DESIGN, section 1). Each carries the reason it exists; `npm run imports` and a test enforce them. */
const pure = '^lib/(base|intent/zones|intent/plan|evidence|verdict)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'intent-never-imports-evidence',
      severity: 'error',
      comment: 'what was meant must not know what was found: a bug shared by both wings would cancel out',
      from: { path: '^lib/intent/' },
      to: { path: '^lib/(evidence|verdict|surfaces)/' },
    },
    {
      name: 'evidence-never-imports-intent',
      severity: 'error',
      comment: 'an engine that knew the plan would prove the plan, not the template',
      from: { path: '^lib/evidence/' },
      to: { path: '^lib/(intent|verdict|surfaces)/' },
    },
    {
      name: 'base-imports-nothing-of-ours',
      severity: 'error',
      comment: 'the ground floor carries both wings, so it can lean on neither',
      from: { path: '^lib/base/' },
      to: { path: '^lib/(?!base/)' },
    },
    {
      name: 'verdict-imports-no-plan-and-no-constructs',
      severity: 'error',
      comment: 'claims are stated from the zones and judged from the evidence; the plan is what is being judged',
      from: { path: '^lib/verdict/' },
      to: { path: '^lib/(intent/(plan|constructs)|surfaces)/' },
    },
    {
      name: 'certificate-never-imports-reachability',
      severity: 'error',
      comment: 'a checker that trusts the engine checks nothing',
      from: { path: '^lib/evidence/certificate/' },
      to: { path: '^lib/evidence/reachability/' },
    },
    {
      name: 'trace-is-a-second-semantics',
      severity: 'error',
      comment: 'trace replays what the engine found; sharing code with it would share its mistakes',
      from: { path: '^lib/evidence/trace/' },
      to: { path: '^lib/evidence/(forwarding|reachability|certificate|template)/' },
    },
    {
      name: 'engine-never-imports-trace',
      severity: 'error',
      comment: 'two semantics stay two only while neither leans on the other',
      from: { path: '^lib/evidence/(forwarding|reachability|template|network)/' },
      to: { path: '^lib/evidence/trace/' },
    },
    {
      name: 'only-constructs-and-surfaces-import-cdk',
      severity: 'error',
      comment: 'plain data in, plain data out: the engine must run on templates that CDK never saw',
      from: { path: pure },
      to: { path: 'node_modules/(aws-cdk-lib|constructs|cdk-nag)/' },
    },
    {
      name: 'no-process-in-the-pure-floors',
      severity: 'error',
      comment: 'files, clocks and randomness belong to the surfaces; the rest gives the same answer every time',
      from: { path: pure },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'surfaces-stand-apart',
      severity: 'error',
      comment: 'a surface imports no other surface, except that cli may import report',
      from: { path: '^lib/surfaces/([^/]+)/' },
      to: { path: '^lib/surfaces/', pathNot: ['^lib/surfaces/$1/', '^lib/surfaces/report/'] },
    },
    {
      name: 'only-cli-imports-report',
      severity: 'error',
      comment: 'a surface imports no other surface, except that cli may import report',
      from: { path: '^lib/surfaces/(?!cli/|report/)' },
      to: { path: '^lib/surfaces/report/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'a cycle has no ground floor: neither side can be read first',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};
