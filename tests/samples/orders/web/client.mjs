// What the web application knows of orders.
export class OrdersClient {
  constructor(url) {
    this.url = url;
  }

  async order(id) {
    const response = await fetch(`${this.url}/orders/${id}`, { headers: { Accept: 'application/json' } });
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`orders answered ${response.status}`);
    const { total, lines } = await response.json();
    return { total, skus: lines.map((line) => line.sku) };
  }

  async place(lines) {
    const response = await fetch(`${this.url}/orders`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ lines }),
    });
    if (response.status !== 201) throw new Error(`orders answered ${response.status}`);
    return (await response.json()).id;
  }
}
