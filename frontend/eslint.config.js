import jsxA11y from 'eslint-plugin-jsx-a11y'
import reactHooks from 'eslint-plugin-react-hooks'
import globals from 'globals'
import tseslint from 'typescript-eslint'

// Walls: shared ← features ← app ← routes. A layer imports only what stands left of it.
const layers = ['shared', 'features', 'app', 'routes']

const wall = (layer, index) => ({
  files: [`src/${layer}/**/*.{ts,tsx}`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: layers.slice(index + 1).map((above) => ({
          group: [`@/${above}/*`, `**/${above}/*`],
          message: `${layer} must not import ${above}`,
        })),
      },
    ],
  },
})

// Words on the screen come from src/locales only.
const literalText = [
  {
    selector: 'JSXText[value=/\\p{L}{2,}/u]',
    message: 'Put text into src/locales and call t().',
  },
  {
    selector:
      'JSXAttribute[name.name=/^(label|title|placeholder|description|alt|aria-label)$/] > Literal[value=/\\p{L}{2,}/u]',
    message: 'Put text into src/locales and call t().',
  },
]

export default tseslint.config(
  {
    ignores: [
      'dist',
      'node_modules',
      'src/shared/api/schema.d.ts',
      'test-results',
      'playwright-report',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { globals: globals.browser },
    plugins: { 'react-hooks': reactHooks, 'jsx-a11y': jsxA11y },
    rules: {
      ...reactHooks.configs['recommended-latest']?.rules,
      ...jsxA11y.flatConfigs.recommended.rules,
      'max-lines': ['error', { max: 400 }],
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...literalText],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  { files: ['**/*.test.{ts,tsx}', 'e2e/**'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['**/*.{js,cjs}'], languageOptions: { globals: globals.node } },
  ...layers.slice(0, -1).map(wall),
)
