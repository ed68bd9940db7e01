namespace CampaignManager.Web.Events;

/// <summary>What a shop copies: one place, so that page, guide and tests mean the same.</summary>
public static class Snippets
{
    /// <param name="home">The app's own address, ending with a slash.</param>
    /// <param name="key">The publishable key.</param>
    public static string Page(string home, string key) => $$"""
        <script>window.cm = window.cm || function () { (cm.q = cm.q || []).push(arguments) };</script>
        <script async src="{{home}}events.js" data-key="{{key}}" data-consent="wait"></script>
        <script>
          cm("view", { sku: "S-1" });                              // without sku: a page
          // cm("cart", { sku: "S-1", quantity: 1 });
          // cm("order", { orderId: "1001", lines: [{ sku: "S-1", quantity: 2 }] });
          // cm("identify", { customerId: "C-1", token: "v1..." }); // the token comes from your server
          // cm("consent", true);                                  // when the visitor agrees; false takes it back
        </script>
        """;

    public static string Curl(string home) => $$"""
        curl {{home}}api/v1/events -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" -d '[
          { "eventId": "order-1001-1", "type": "order", "customerId": "C-1", "orderId": "1001",
            "sku": "S-1", "quantity": 2, "unitPrice": 12.5, "currency": "CNY", "at": "2026-11-01T18:05:00+08:00" } ]'
        """;

    public static string CSharp(string home) => $$"""
        // Send again, with the same ids, what got no answer or 5xx: each id counts once.
        using var http = new HttpClient { BaseAddress = new Uri("{{home}}") };
        http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        var answer = await http.PostAsJsonAsync("api/v1/events", new[]
        {
            new { eventId = $"order-{order.Id}-{line.No}", type = "order", customerId = order.CustomerId, orderId = order.Id,
                  sku = line.Sku, quantity = line.Quantity, unitPrice = line.Price, currency = order.Currency, at = order.PaidAt },
        });
        answer.EnsureSuccessStatusCode();

        // Who is signed in, for cm("identify", ...) in the page.
        static string Token(string customerId, string secret)
        {
            var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            var claims = JsonSerializer.SerializeToUtf8Bytes(new { sub = customerId, iat = now, exp = now + 600, use = new[] { "identify" } });
            var head = "v1." + Base64Url.EncodeToString(claims);
            return head + "." + Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(head)));
        }
        """;
}
