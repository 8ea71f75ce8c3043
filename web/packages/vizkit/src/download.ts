// Hands text to the person as a file.
export function download(name: string, content: string, type = 'application/json'): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  // The browser has taken the content once the click is through.
  window.setTimeout(() => URL.revokeObjectURL(url), 1000);
}
