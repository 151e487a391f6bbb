/* Reads QR codes with the camera: by the browser's own reader where it has one, else by a packaged one in plain script. */
const EVERY = 120; // milliseconds between two looks
const WIDTH = 640; // pixels are enough for a badge held at arm's length

export class Camera {
  constructor(video, readerAddress, found) {
    Object.assign(this, { video, readerAddress, found });
    this.canvas = document.createElement("canvas");
  }

  get isOn() { return Boolean(this.stream); }

  /* Fails where there is no camera, no permission or no reader. */
  async start() {
    this.look ??= await this.#reader();
    this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
    this.video.srcObject = this.stream;
    await this.video.play();
    this.#round();
  }

  stop() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = this.video.srcObject = null;
  }

  async #round() {
    while (this.isOn) {
      const text = this.video.readyState >= 2 ? await this.look(this.video).catch(() => null) : null;
      if (text && this.isOn) this.found(text);
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
  }

  async #reader() {
    const formats = (await globalThis.BarcodeDetector?.getSupportedFormats?.()) ?? [];
    if (formats.includes("qr_code")) {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      return async (video) => (await detector.detect(video))[0]?.rawValue;
    }
    if (!this.readerAddress) throw new Error("no reader");
    await new Promise((resolve, reject) => {
      const script = document.createElement("script");
      Object.assign(script, { src: this.readerAddress, onload: resolve, onerror: reject });
      document.head.append(script);
    });
    return async (video) => {
      const { canvas } = this;
      canvas.width = Math.min(WIDTH, video.videoWidth);
      canvas.height = Math.round((canvas.width * video.videoHeight) / video.videoWidth);
      const drawing = canvas.getContext("2d", { willReadFrequently: true });
      drawing.drawImage(video, 0, 0, canvas.width, canvas.height);
      const { data, width, height } = drawing.getImageData(0, 0, canvas.width, canvas.height);
      return globalThis.jsQR(data, width, height, { inversionAttempts: "dontInvert" })?.data;
    };
  }
}
