// A panel that fails to draw says so in its own frame; the page goes on. New data are a new chance.
import { Component, type ReactNode } from 'react';

interface Props {
  resetKey: unknown;
  children: ReactNode;
}

interface State {
  failure: string;
  failedKey: unknown;
}

export class PanelBoundary extends Component<Props, State> {
  override state: State = { failure: '', failedKey: undefined };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { failure: error instanceof Error ? error.message : String(error) };
  }

  override componentDidCatch(): void {
    this.setState({ failedKey: this.props.resetKey });
  }

  override componentDidUpdate(): void {
    const { failure, failedKey } = this.state;
    if (failure !== '' && failedKey !== undefined && failedKey !== this.props.resetKey) {
      // Bounded by the condition: the keys are equal afterwards.
      // eslint-disable-next-line react/no-did-update-set-state
      this.setState({ failure: '', failedKey: undefined });
    }
  }

  override render(): ReactNode {
    const { failure } = this.state;
    if (failure === '') return this.props.children;
    return (
      <div className="panel-notice" role="alert">
        This panel could not be drawn: {failure}
      </div>
    );
  }
}
