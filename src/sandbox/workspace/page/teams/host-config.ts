// How Teams draws Adaptive Cards in its light and in its dark theme, for Microsoft's renderer, which hands colours on to the
// browser as they are: so the browser chooses, and a card that stands there follows the theme.

const either = (light: string, dark: string): string => `light-dark(${light}, ${dark})`;
const colour = (light: string, dark: string) => ({
  default: either(light, dark),
  subtle: either(light, dark),
});
const foreground = {
  default: { default: either('#242424', '#ffffff'), subtle: either('#616161', '#adadad') },
  accent: colour('#4f52b2', '#a6abff'),
  attention: colour('#b10e1c', '#f1a0a4'),
  good: colour('#0b6a0b', '#7fd17f'),
  warning: colour('#835b00', '#f2c661'),
  dark: colour('#242424', '#242424'),
  light: colour('#ffffff', '#ffffff'),
};
const lineColour = either('#e0e0e0', '#4a4a4a');
const container = (light: string, dark: string) => ({
  backgroundColor: either(light, dark),
  borderColor: lineColour,
  foregroundColors: foreground,
});

export const hostConfig = {
  fontFamily: "'Segoe UI Variable', 'Segoe UI', system-ui, -apple-system, 'Noto Sans', sans-serif",
  fontSizes: { small: 12, default: 14, medium: 16, large: 20, extraLarge: 24 },
  fontWeights: { lighter: 300, default: 400, bolder: 600 },
  lineHeights: { small: 16, default: 20, medium: 22, large: 28, extraLarge: 32 },
  spacing: { small: 6, default: 10, medium: 14, large: 20, extraLarge: 28, padding: 16 },
  separator: { lineThickness: 1, lineColor: lineColour },
  supportsInteractivity: true,
  imageSizes: { small: 32, medium: 52, large: 100 },
  containerStyles: {
    default: container('#ffffff', '#292929'),
    emphasis: container('#f5f5f5', '#333333'),
    accent: container('#e8ebfa', '#2f3260'),
    good: container('#e7f2da', '#0f3314'),
    attention: container('#fcf4f6', '#461a1e'),
    warning: container('#fbf6d9', '#3d3008'),
  },
  actions: {
    maxActions: 6,
    spacing: 'default',
    buttonSpacing: 8,
    showCard: { actionMode: 'inline', inlineTopMargin: 12, style: 'emphasis' },
    actionsOrientation: 'horizontal',
    actionAlignment: 'left',
  },
  adaptiveCard: { allowCustomStyle: false },
  factSet: {
    title: {
      color: 'default',
      size: 'default',
      isSubtle: false,
      weight: 'bolder',
      wrap: true,
      maxWidth: 160,
    },
    value: { color: 'default', size: 'default', isSubtle: false, weight: 'default', wrap: true },
    spacing: 12,
  },
  inputs: {
    label: {
      inputSpacing: 'small',
      requiredInputs: { weight: 'bolder', suffix: ' *', suffixColor: 'attention' },
      optionalInputs: { weight: 'bolder' },
    },
    errorMessage: { color: 'attention', spacing: 'small' },
  },
  table: { cellSpacing: 8 },
};
