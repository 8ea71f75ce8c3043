import type { PanelProps } from '../props';
import { TimelinePanel } from './TimelinePanel';

export default function StateTimelinePanel(props: PanelProps) {
  return <TimelinePanel {...props} isChanges />;
}
