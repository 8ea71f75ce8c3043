// Field configuration: defaults and overrides of a panel applied to its frames.
import {
  applyFieldOverrides,
  dataLinksOverrideProcessor,
  displayNameOverrideProcessor,
  FieldConfigOptionsRegistry,
  identityOverrideProcessor,
  numberOverrideProcessor,
  stringOverrideProcessor,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
  type DataFrame,
  type DataLinkPostProcessor,
  type FieldConfig,
  type FieldConfigPropertyItem,
  type FieldConfigSource,
  type GrafanaTheme2,
  type InterpolateFunction,
} from '@grafana/data';

import { applyShared } from './shared_config';
import { soundConfig } from './sound_config';

type Process = FieldConfigPropertyItem['process'];

const STANDARD: ReadonlyArray<readonly [id: string, process: Process]> = [
  ['unit', unitOverrideProcessor],
  ['min', numberOverrideProcessor],
  ['max', numberOverrideProcessor],
  ['fieldMinMax', identityOverrideProcessor],
  ['decimals', numberOverrideProcessor],
  ['displayName', displayNameOverrideProcessor],
  ['noValue', stringOverrideProcessor],
  ['thresholds', thresholdsOverrideProcessor],
  ['mappings', valueMappingsOverrideProcessor],
  ['links', dataLinksOverrideProcessor],
  ['actions', identityOverrideProcessor],
  ['color', identityOverrideProcessor],
  ['filterable', identityOverrideProcessor],
  ['description', identityOverrideProcessor],
];

// An override of a property that is not registered is dropped silently, so every id that a panel reads is here.
const CUSTOM: readonly string[] = [
  'align', 'axisBorderShow', 'axisCenteredZero', 'axisColorMode', 'axisGridShow', 'axisLabel', 'axisPlacement',
  'axisSoftMax', 'axisSoftMin', 'axisWidth', 'barAlignment', 'barMaxWidth', 'barWidthFactor', 'cellOptions',
  'axisOrientation', 'barWidth', 'displayMode', 'drawStyle', 'fillBelowTo', 'fillOpacity', 'filterable', 'footer', 'gradientMode', 'hidden', 'hideFrom', 'hideFrom.legend',
  'hideFrom.tooltip', 'hideFrom.viz', 'hideHeader',
  'insertNulls', 'inspect', 'lineColor', 'lineInterpolation', 'lineStyle', 'lineWidth', 'minWidth', 'pointShape', 'pointSize',
  'scaleDistribution', 'show', 'showPoints', 'showValues', 'sortable', 'spanNulls', 'stacking', 'styleField', 'thresholdsStyle', 'tooltip', 'transform',
  'width', 'wrapHeaderText', 'wrapText',
];

function item(id: string, process: Process, isCustom: boolean): FieldConfigPropertyItem {
  const editor = () => null;
  return {
    id: isCustom ? `custom.${id}` : id,
    path: id,
    name: id,
    isCustom,
    process,
    shouldApply: () => true,
    override: editor,
    editor,
    // Without being told, names of fields would keep their variables.
    settings: id === 'displayName' ? { expandTemplateVars: true } : {},
  };
}

const registries = new Map<string, FieldConfigOptionsRegistry>();

/** The top-level names of the custom properties that a panel sets anywhere. */
function customNames({ defaults, overrides }: FieldConfigSource): Set<string> {
  const names = new Set(Object.keys(defaults.custom ?? {}));
  for (const { properties } of overrides) {
    for (const { id } of properties) if (id.startsWith('custom.')) names.add(id.slice('custom.'.length).split('.')[0] ?? '');
  }
  return names;
}

/** Each property costs time for each field, so only those that the panel sets are asked for. */
function registryFor(fieldConfig: FieldConfigSource): FieldConfigOptionsRegistry {
  const names = customNames(fieldConfig);
  const used = CUSTOM.filter((id) => names.has(id.split('.')[0] ?? ''));
  const key = used.join();
  const registry =
    registries.get(key) ??
    new FieldConfigOptionsRegistry(() => [
      ...STANDARD.map(([id, process]) => item(id, process, false)),
      ...used.map((id) => item(id, identityOverrideProcessor, true)),
    ]);
  registries.set(key, registry);
  return registry;
}

/** The configuration of a panel, as far as it is sound, over the defaults of its kind. */
export function withDefaults(own: FieldConfigSource, defaults: FieldConfig): FieldConfigSource {
  const sound = soundConfig(own);
  const custom = { ...defaults.custom, ...sound.defaults.custom };
  return { overrides: sound.overrides, defaults: { ...defaults, ...sound.defaults, custom } };
}

export interface FieldConfigRequest {
  frames: DataFrame[];
  fieldConfig: FieldConfigSource;
  theme: GrafanaTheme2;
  timeZone: string;
  replaceVariables: InterpolateFunction;
  /** A data link's address as the browser needs it; it has been made harmless before. */
  linkTo?: (address: string) => string;
}

/** New frames that share their values with the old ones, and the configuration of fields alike with each other. */
export function applyFieldConfig(request: FieldConfigRequest): DataFrame[] {
  const { fieldConfig, theme, timeZone, replaceVariables, linkTo } = request;
  const dataLinkPostProcessor: DataLinkPostProcessor | undefined = linkTo && (({ linkModel }) => ({ ...linkModel, href: linkTo(linkModel.href) }));
  const workOut = (data: DataFrame[]): DataFrame[] =>
    applyFieldOverrides({
      data,
      fieldConfig,
      theme,
      timeZone,
      replaceVariables,
      fieldConfigRegistry: registryFor(fieldConfig),
      ...(dataLinkPostProcessor ? { dataLinkPostProcessor } : {}),
    });
  return applyShared({ ...request, dataLinkPostProcessor }, workOut) ?? workOut(request.frames);
}
