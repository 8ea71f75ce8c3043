import type { PanelProps } from '../props';
import { TimelinePanel } from './TimelinePanel';

export default function StatusHistoryPanel(props: PanelProps) {
  return <TimelinePanel {...props} isChanges={false} />;
}
