import { readdirSync } from 'node:fs'
import jsxA11y from 'eslint-plugin-jsx-a11y'
import reactHooks from 'eslint-plugin-react-hooks'
import globals from 'globals'
import tseslint from 'typescript-eslint'

// The rooms in their order: one imports only those that stand before it, so there is no circle among them.
const rooms = [
  'shared/i18n',
  'shared/api',
  'shared/session',
  'shared/format',
  'shared/theme',
  'shared/ui',
  'shared/form',
  'shared/table',
  'shared/period',
  'shared/chart',
  'shared/export',
  'model',
  'features/record',
  'features/report',
  'features/account',
  'features/chart',
  'features/delivery',
  'features/directory',
  'features/document',
  'features/home',
  'features/license',
  'features/organization',
  'features/synchronization',
  'app',
  'routes',
]

for (const layer of ['shared', 'features']) {
  for (const name of readdirSync(new URL(`src/${layer}`, import.meta.url))) {
    const room = `${layer}/${name}`
    if (!rooms.includes(room)) throw new Error(`${room} has no place among the rooms`)
  }
}

// How a file of one room names another: from src, or relatively.
const importOf = (room, other) => {
  const [layer, name] = other.split('/')
  const sibling = name && room.startsWith(`${layer}/`)
  return `^(@/|(\\.\\./)+)${sibling ? `(${layer}/)?${name}` : other}/`
}

const wall = (room, index) => ({
  files: [`src/${room}/**/*.{ts,tsx}`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: rooms.slice(index + 1).map((later) => ({
          regex: importOf(room, later),
          message: `${room} must not import ${later}, which stands later among the rooms.`,
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

// What opens a section is written in the model once.
const permissionText = {
  selector: 'Literal[value=/^[a-z]+:(view|edit)$/]',
  message: 'Ask can(), useCan() or closedBy() for a section of src/model/access.ts.',
}

export default tseslint.config(
  {
    ignores: [
      'dist',
      'node_modules',
      'src/shared/api/schema.d.ts',
      'src/model/kinds.ts',
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
      'no-restricted-syntax': ['error', ...literalText, permissionText],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  { files: ['**/*.test.{ts,tsx}', 'e2e/**'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['**/*.{js,cjs}'], languageOptions: { globals: globals.node } },
  ...rooms.slice(0, -1).map(wall),
)
