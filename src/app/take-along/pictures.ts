/** Charts of the page as pictures that stand alone: styles written into them, in the colours of the light theme. */

const STYLES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linejoin',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'visibility',
] as const;

/** Does something with an element that nobody sees, while the page has the light theme: nothing is painted between. */
function inLight<T>(work: (host: HTMLElement) => T): T {
  const { dataset } = document.documentElement;
  const theme = dataset.theme;
  const host = document.createElement('div');
  host.style.cssText = 'position: absolute; inset-inline-start: -99999px; inset-block-start: 0';
  host.setAttribute('aria-hidden', 'true');
  document.body.append(host);
  dataset.theme = 'light';
  try {
    return work(host);
  } finally {
    host.remove();
    if (theme === undefined) delete dataset.theme;
    else dataset.theme = theme;
  }
}

/** CSS colours, tokens allowed, as they are in the light theme. */
export function lightColors(colors: readonly string[]): string[] {
  return inLight((host) =>
    colors.map((color) => {
      host.style.color = color;
      return getComputedStyle(host).color;
    }),
  );
}

/** A drawing of the page as the text of an SVG file, on white. */
export function standaloneSvg(drawing: SVGSVGElement, title: string): string {
  const { width, height } = sizeOf(drawing);
  return inLight((host) => {
    const copy = drawing.cloneNode(true) as SVGSVGElement;
    host.append(copy);
    for (const element of [copy, ...copy.querySelectorAll<SVGElement>('*')]) {
      const style = getComputedStyle(element);
      for (const name of STYLES) {
        const value = style.getPropertyValue(name);
        if (value !== '') element.setAttribute(name, value);
      }
      element.removeAttribute('class');
      element.removeAttribute('style');
    }
    copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    copy.setAttribute('width', String(width));
    copy.setAttribute('height', String(height));
    if (!copy.hasAttribute('viewBox')) copy.setAttribute('viewBox', `0 0 ${width} ${height}`);
    const name = document.createElementNS('http://www.w3.org/2000/svg', 'title');
    name.textContent = title;
    const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
    for (const [key, value] of [
      ['width', '100%'],
      ['height', '100%'],
      ['fill', '#ffffff'],
    ])
      ground.setAttribute(key, value);
    copy.prepend(name, ground);
    return new XMLSerializer().serializeToString(copy);
  });
}

function sizeOf(drawing: SVGSVGElement): { width: number; height: number } {
  const { width, height } = drawing.viewBox.baseVal;
  if (width > 0) return { width, height };
  const box = drawing.getBoundingClientRect();
  return { width: Math.round(box.width), height: Math.round(box.height) };
}

/** Pixels a unit of the drawing, so that the picture is sharp in print too. */
const DENSITY = 2;

/** @throws where the browser cannot draw it */
export async function pngOf(svg: string): Promise<Uint8Array<ArrayBuffer>> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * DENSITY;
  canvas.height = image.naturalHeight * DENSITY;
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (blob === null) throw new Error('internal: the canvas gave no picture');
  return new Uint8Array(await blob.arrayBuffer());
}
