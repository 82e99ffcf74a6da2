import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

// Spruce carries the actions, amber the accents; stone and ink are the greys of light and dark.
const spruce: MantineColorsTuple = [
  '#edf7f5',
  '#d8ece8',
  '#b0d9d1',
  '#84c5b9',
  '#5cb3a4',
  '#389a8b',
  '#1d8073',
  '#0f675c',
  '#0e4f48',
  '#0b3a35',
]
const amber: MantineColorsTuple = [
  '#fff6e6',
  '#fdeac8',
  '#f9d697',
  '#f5c166',
  '#f2b04c',
  '#e39a2b',
  '#c27d15',
  '#9a610c',
  '#784b0b',
  '#59380b',
]
const stone: MantineColorsTuple = [
  '#faf9f6',
  '#f4f2ed',
  '#e8e5de',
  '#dad6cd',
  '#c4bfb4',
  '#a39e93',
  '#7b776d',
  '#5c5952',
  '#3e3c38',
  '#262522',
]
const ink: MantineColorsTuple = [
  '#e6ebea',
  '#c3cbc9',
  '#a3adab',
  '#84908d',
  '#4b5755',
  '#33403e',
  '#263230',
  '#192322',
  '#121a19',
  '#0c1312',
]

/** The look: own colours, Golos Text, large touch targets. Contrast holds WCAG AA in both schemes. */
export const theme = createTheme({
  colors: { spruce, amber, gray: stone, dark: ink },
  primaryColor: 'spruce',
  primaryShade: { light: 7, dark: 6 },
  fontFamily: '"Golos Text Variable", system-ui, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace',
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '1.75rem', lineHeight: '1.2' },
      h2: { fontSize: '1.25rem', lineHeight: '1.3' },
      h3: { fontSize: '1.0625rem', lineHeight: '1.35' },
    },
  },
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '6px', md: '10px', lg: '14px', xl: '20px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Inputs of 16 px keep phones from zooming in.
    TextInput: { defaultProps: { size: 'md' } },
    PasswordInput: { defaultProps: { size: 'md' } },
    NumberInput: { defaultProps: { size: 'md' } },
    Select: { defaultProps: { size: 'md' } },
    Textarea: { defaultProps: { size: 'md' } },
    Button: { defaultProps: { size: 'md', fw: 550 } },
    Paper: { defaultProps: { radius: 'lg' } },
    Modal: { defaultProps: { centered: true, radius: 'lg' } },
    // The placeholder is no entry, which a menu must not have.
    Menu: {
      defaultProps: { withInitialFocusPlaceholder: false },
      styles: { item: { minHeight: 40 } },
    },
    Badge: { defaultProps: { tt: 'none', fw: 550, size: 'lg' } },
    InputWrapper: { styles: { label: { marginBottom: 4 }, description: { marginBottom: 2 } } },
    Code: { defaultProps: { color: 'var(--interpos-page)' } },
    Anchor: { defaultProps: { underline: 'always' } },
  },
})

/** Mantine's defaults for dimmed text, links and errors fail AA on our backgrounds; these do not. */
export const cssVariables: CSSVariablesResolver = ({ colors }) => ({
  variables: {
    '--interpos-rail': '#0b3a35',
    '--interpos-rail-text': '#d8ece8',
    '--interpos-rail-dimmed': '#9cc4bc',
    '--interpos-accent': '#f2b04c',
  },
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#1f2422',
    '--mantine-color-dimmed': '#5f6360',
    '--mantine-color-placeholder': '#6f736f',
    '--mantine-color-anchor': colors.spruce![7],
    '--mantine-color-error': '#b3261e',
    '--mantine-color-default-border': colors.gray![3],
    '--interpos-page': colors.gray![1],
    '--interpos-card-border': colors.gray![2],
    '--interpos-good': '#1b6e3c',
    '--interpos-bad': '#b3261e',
    '--interpos-series': colors.spruce![6],
  },
  dark: {
    '--mantine-color-body': colors.dark![7],
    '--mantine-color-text': '#e6ebea',
    '--mantine-color-dimmed': '#a3adab',
    '--mantine-color-placeholder': '#8f9b98',
    '--mantine-color-anchor': colors.spruce![3],
    '--mantine-color-error': '#ff8f86',
    '--mantine-color-default-border': colors.dark![5],
    '--interpos-rail': '#0d1f1d',
    '--interpos-page': colors.dark![8],
    '--interpos-card-border': colors.dark![6],
    '--interpos-good': '#6fd394',
    '--interpos-bad': '#ff8f86',
    '--interpos-series': colors.spruce![4],
  },
})
