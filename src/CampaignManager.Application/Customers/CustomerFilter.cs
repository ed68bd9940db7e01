using System.Globalization;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Customers;

/// <summary>When somebody last ordered.</summary>
[ClosedSet]
public enum LastOrder { Within30, Within90, Within180, Longer, Never }

/// <param name="Segment">Key of a segment or a saved audience.</param>
public sealed record CustomerFilter(
    string? Segment = null, LastOrder? LastOrder = null, string? Channel = null, string? Region = null, string? Tier = null)
{
    private const int LongestSubject = 300;

    /// <summary>In one line, for the audit log, whatever was typed.</summary>
    public string Subject
    {
        get
        {
            var said = new string([.. Said.Select(c => char.IsControl(c) ? ' ' : c)]);
            return said.Length > LongestSubject ? said[..LongestSubject] : said;
        }
    }

    private string Said => string.Join(' ', new[]
    {
        Segment is null ? null : $"segment={Segment}", LastOrder is { } last ? $"lastOrder={last.Name()}" : null,
        Channel is null ? null : $"channel={Channel}", Region is null ? null : $"region={Region}", Tier is null ? null : $"tier={Tier}",
    }.OfType<string>().DefaultIfEmpty("all"));

    /// <summary>The condition on the facts of customers, as SQL; what was typed goes into the values.</summary>
    internal string Where(DataLake lake, string? beginsWith, List<string> values)
    {
        List<string> where = [];
        if (Segment is { } segment)
        {
            var members = $"SELECT customer_id FROM {lake.SourceOf(SegmentService.CurrentFile)} WHERE segment = {Value(segment)}";
            where.Add($"customer_id IN ({members})");
        }

        if (Channel is { } channel)
            where.Add($"c_channel = {Value(channel)}");
        if (Region is { } region)
            where.Add($"c_region = {Value(region)}");
        if (Tier is { } tier)
            where.Add($"member_tier = {Value(tier)}");
        if (beginsWith is { } start)
            where.Add($"starts_with(customer_id, {Value(start)})");
        if (LastOrder is { } last)
        {
            where.Add(last switch
            {
                Customers.LastOrder.Within30 => "x_recency_days <= 30",
                Customers.LastOrder.Within90 => "x_recency_days <= 90",
                Customers.LastOrder.Within180 => "x_recency_days <= 180",
                Customers.LastOrder.Longer => "x_recency_days > 180",
                Customers.LastOrder.Never => "x_recency_days IS NULL AND x_orders = 0",
                _ => throw new InvalidOperationException($"No condition for {last}."),
            });
        }

        return where.Count == 0 ? "" : $" WHERE {string.Join(" AND ", where)}";

        string Value(string value)
        {
            values.Add(value);
            return string.Create(CultureInfo.InvariantCulture, $"${values.Count}");
        }
    }
}
