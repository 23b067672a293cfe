/**
 * Which folder may import which. Imports go one way: apps → workflows/contract, activities (worker only) → libs → domain.
 * Each rule is proven in test/arch by a small tree that breaks it and no other.
 */
const SPEC = '\\.spec\\.ts$';
/** Statement files that specs are written with. */
const SAMPLES = '^libs/bank-statements/(damaged-)?samples\\.ts$';

module.exports = {
  forbidden: [
    {
      name: 'domain-imports-nothing',
      comment: 'The rules of the office are pure: no library, no Node.js module, no npm package.',
      severity: 'error',
      from: { path: '^libs/domain/', pathNot: SPEC },
      to: { pathNot: '^libs/domain/' },
    },
    {
      name: 'libs-only-use-domain',
      comment: 'Libraries stand side by side: each may use domain and itself.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/', pathNot: '^libs/(seal|token|documents)/' },
      to: { path: '^libs/', pathNot: '^libs/($1|domain)/' },
    },
    {
      name: 'signing-libs-only-use-pki',
      comment: 'Seals, tokens and documents are signed: they may use pki and domain, and nothing else crosses.',
      severity: 'error',
      from: { path: '^libs/(seal|token|documents)/' },
      to: { path: '^libs/', pathNot: '^libs/($1|domain|pki)/' },
    },
    {
      name: 'libs-below-everything',
      comment: 'A library does not know who uses it.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(apps|workflows|activities|test)/' },
    },
    {
      name: 'workflows-only-domain',
      comment: 'Workflows are deterministic: rules of the domain, and activities as types only.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^(apps|test|libs/(?!domain/))' },
    },
    {
      name: 'workflows-activities-as-types',
      comment: 'An activity runs elsewhere: a workflow may know its signature, never its code.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-no-input-or-output',
      comment: 'No Node.js module in a workflow: the sandbox has none, and a replay would see another world.',
      severity: 'error',
      from: { path: '^workflows/', pathNot: SPEC },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'activities-below-apps',
      comment: 'Activities wrap libraries; of the workflows they know the contract.',
      severity: 'error',
      from: { path: '^activities/' },
      to: { path: '^(apps|test|workflows/(?!contract/))' },
    },
    {
      name: 'apps-workflows-by-contract',
      comment: 'Whoever starts or asks a workflow knows its contract, not its code.',
      severity: 'error',
      from: { path: '^apps/' },
      to: { path: '^workflows/(?!contract/)' },
    },
    {
      name: 'activities-only-in-worker',
      comment: 'Activities run in the worker; any other process would do what no history records.',
      severity: 'error',
      from: { path: '^apps/(?!worker/)' },
      to: { path: '^activities/' },
    },
    {
      name: 'statements-read-by-worker',
      comment:
        'A statement is read where a file that is too much takes no session with it: by the worker, or at the terminal of who looks at it. The sandbox writes them.',
      severity: 'error',
      from: { path: '^apps/(?!worker/|launcher/|sandbox/)' },
      to: { path: '^libs/bank-statements/' },
    },
    {
      name: 'apps-stand-alone',
      comment: 'Applications talk over the network.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^(apps/(?!$1/)|test/)' },
    },
    {
      name: 'api-without-pki',
      comment: 'The API process has no business with the certificate authority: it checks signatures, by #pki/public, and no more.',
      severity: 'error',
      from: { path: '^apps/api/' },
      to: { path: '^libs/pki/', pathNot: '^libs/pki/public/index\\.ts$' },
    },
    {
      name: 'pki-only-in-worker',
      comment: 'Of the applications only the worker may hold the authority, the part of pki that signs.',
      severity: 'error',
      from: { path: '^apps/(?!worker/|api/|responder/)' },
      to: { path: '^libs/pki/', pathNot: '^libs/pki/public/index\\.ts$' },
    },
    {
      name: 'responder-without-authority',
      comment: 'The responder has a key of its own: by #pki/ocsp, and by no way round, it gets what opens the keys of the authority.',
      severity: 'error',
      from: { path: '^apps/responder/', pathNot: SPEC },
      to: { path: '^libs/pki/(authority|ceremony|vault|issue|linted|key-escrow)\\.ts$', reachable: true },
    },
    {
      name: 'public-pki-without-authority',
      comment: 'Whoever enters by #pki/public must not reach, by any way round, what opens the keys of the authority.',
      severity: 'error',
      from: { path: '^libs/pki/public/' },
      to: { path: '^libs/pki/(authority|ceremony|vault|issue|linted|key-escrow)\\.ts$', reachable: true },
    },
    {
      name: 'enter-libs-by-index',
      comment: "A library's index.ts is its whole face; OCSP and the public half have their own in libs/pki.",
      severity: 'error',
      from: { path: '^(apps|workflows|activities|test)/' },
      to: { path: '^libs/[^/]+/(?!index\\.ts$)', pathNot: `^libs/pki/(ocsp|public)/index\\.ts$|${SAMPLES}` },
    },
    {
      name: 'samples-for-tests',
      comment: 'Files made for tests are read by tests: nothing that runs may depend on them.',
      severity: 'error',
      from: { path: '^(apps|workflows|activities)/' },
      to: { path: SAMPLES },
    },
    {
      name: 'enter-sibling-lib-by-index',
      comment: "A library's index.ts is its whole face, to its neighbours too.",
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/', pathNot: ['^libs/$1/', '^libs/[^/]+/index\\.ts$'] },
    },
    {
      name: 'enter-activities-by-index',
      comment: 'Whoever runs activities takes them all, as one list.',
      severity: 'error',
      from: { path: '^(?!activities/)' },
      to: { path: '^activities/(?!index\\.ts$)' },
    },
    {
      name: 'enter-capability-by-index',
      comment: "One capability uses another by that folder's index.ts.",
      severity: 'error',
      from: { path: '^activities/([^/]+)/' },
      to: { path: '^activities/[^/]+/', pathNot: ['^activities/$1/', '^activities/[^/]+/index\\.ts$'] },
    },
    {
      name: 'enter-contract-by-index',
      comment: 'The contract is read as a whole.',
      severity: 'error',
      from: { path: '^(?!workflows/contract/)' },
      to: { path: '^workflows/contract/(?!index\\.ts$)' },
    },
    {
      name: 'no-cycles',
      comment: 'What imports each other cannot be understood, tested or moved alone.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere would escape every rule above.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.data)/|^test/fixtures/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
