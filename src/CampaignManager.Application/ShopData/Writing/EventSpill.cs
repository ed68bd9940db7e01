using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Rows;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>Events as raw rows. One without an id of its own is known by what it says and who did it.</summary>
internal sealed class EventSpill(MakeRaw raw, KnownBuckets buckets) : IDisposable
{
    private readonly RawTable events = raw("raw_events", """
        n BIGINT, file INTEGER, row BIGINT, content_hash BIGINT, event_id VARCHAR, customer_id VARCHAR, anonymous_id VARCHAR, type VARCHAR, sku VARCHAR, quantity INTEGER,
        unit_price_minor BIGINT, currency VARCHAR, order_id VARCHAR, rating INTEGER, text VARCHAR, campaign_id VARCHAR, "at" TIMESTAMP, received_at TIMESTAMP, bucket INTEGER
        """, "bucket, \"at\", n");

    private readonly Dictionary<(string From, string To), IdPair> pairs = [];
    private readonly ContentHash hash = new();

    public long Rows => events.Rows;

    public IReadOnlyCollection<IdPair> Pairs => pairs.Values;

    public void Add(EventRow e, long n)
    {
        if (e is { Type: "identify", CustomerId: { } customer, AnonymousId: { } anonymous })
            pairs.TryAdd((anonymous, customer), new IdPair(anonymous, customer, LakeAliases.Anonymous, e.At));
        if (e is { CustomerId: { } known, OtherId: { } other })
            pairs.TryAdd((other, known), new IdPair(other, known, LakeAliases.Customer, e.At));
        var who = e.CustomerId ?? e.AnonymousId;
        hash.Begin().Of(e.Type).Of(e.At).Of(e.Sku).Of(e.Quantity).Of(e.UnitPriceMinor).Of(e.Currency).Of(e.OrderId).Of(e.Rating).Of(e.Text).Of(e.CampaignId);
        var content = hash.Value;
        var row = events.Row().AppendValue(n).AppendValue(e.File).AppendValue(e.Row).AppendValue(content)
            .AppendValue(e.Id ?? hash.Of(e.CustomerId).Of(e.AnonymousId).Id).AppendValue(e.CustomerId).AppendValue(e.AnonymousId).AppendValue(e.Type).AppendValue(e.Sku)
            .AppendValue(e.Quantity).AppendValue(e.UnitPriceMinor).AppendValue(e.Currency).AppendValue(e.OrderId).AppendValue(e.Rating).AppendValue(e.Text)
            .AppendValue(e.CampaignId).AppendValue(e.At).AppendValue(e.ReceivedAt);
        (who is null ? row.AppendNullValue() : row.AppendValue(buckets.Of(who))).EndRow();
    }

    public void Close() => events.Close();

    public void Dispose() => events.Dispose();
}
