export { decodeFrames, type DecodedFrames, type Notice } from './decode';
export { applyFieldConfig, withDefaults, type FieldConfigRequest } from './field_config';
export { bucketFrame, shapeFrames, tableFrame } from './shape';
export { nextVisible, withHidden } from './visibility';
export { hasRows } from './rows';
export { refill } from './refill';
export { TRANSFORMATIONS, transformFrames, type Transformed } from './transform';
export { calculateHeatmap } from './transforms/heatmap';
export { dataScope, isDataContext, type DataContext } from './data_scope';
