export { fakeFrames, fakeSeries } from './fake_data';
