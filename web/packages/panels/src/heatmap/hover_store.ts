// The cell under the cursor, kept outside React so that moving the mouse redraws the tooltip only.

export interface Cell {
  column: number;
  bucket: number;
}

export class HoverStore {
  private cell: Cell | undefined;
  private readonly listeners = new Set<() => void>();

  readonly get = (): Cell | undefined => this.cell;

  readonly set = (cell: Cell | undefined): void => {
    if (cell?.column === this.cell?.column && cell?.bucket === this.cell?.bucket) return;
    this.cell = cell;
    for (const listener of this.listeners) listener();
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}
