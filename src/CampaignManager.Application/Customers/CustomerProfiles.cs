using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Customers;

/// <summary>One customer's page without what they did: who they are to the shop, and the segments they are in.</summary>
public sealed class CustomerProfiles(DataLake lake, SegmentMembers segments)
{
    /// <param name="id">Any id of the customer.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<Outcome<CustomerProfile>> FindAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        if (CustomerAccess.Refusal(actor) is { } refused)
            return refused;
        if (id.StartsWith(DataLake.GuestPrefix, StringComparison.Ordinal))
            return CustomerAccess.Unknown;
        if (await Task.Run(() => Read(id, cancellationToken), cancellationToken) is not { } profile)
            return CustomerAccess.Unknown;
        profile = profile with { Features = await Task.Run(() => Features(profile.Id, cancellationToken), cancellationToken) };
        var known = await segments.OfAsync(profile.Id, cancellationToken);
        return known.Succeeded ? profile with { Segments = known.Value.Segments, ComputedAt = known.Value.ComputedAt } : profile;
    }

    private List<CustomerFeature> Features(string id, CancellationToken cancel)
    {
        if (!File.Exists(lake.PathTo(CustomerFeatures.CurrentFile)))
            return [];
        using var connection = lake.Open(threads: 1);
        return connection.Ask(
            $"SELECT COLUMNS('^[cx]_') FROM {lake.SourceOf(CustomerFeatures.CurrentFile)} WHERE customer_id = $1 LIMIT 1",
            r => Enumerable.Range(0, r.FieldCount).Select(i => r.GetFieldType(i) == typeof(string)
                ? new CustomerFeature(r.GetName(i), null, r.Text(i))
                : new CustomerFeature(r.GetName(i), r.Number(i), null)).ToList(),
            [id], cancel) is [var row] ? row : [];
    }

    private CustomerProfile? Read(string id, CancellationToken cancel)
    {
        using var connection = lake.Open(threads: 1);
        var person = new Person(lake, id, connection, cancel);
        // What is known of the survivor goes before, and joined is who came first.
        var rows = connection.Ask(
            $"""
            SELECT joined_at, joined_from, region, country, channel, device, member_tier, tags, email_opt_in, opt_out_marketing,
                   opt_out_personalisation
            FROM {person.RowsOf(LakeTable.Customers)} ORDER BY customer_id <> $1, joined_at, customer_id
            """,
            Row, person.Ids, cancel);
        if (rows.Count == 0)
            return null;
        var first = rows.MinBy(r => r.JoinedAt ?? DateTime.MaxValue)!;
        var all = rows.Aggregate((known, more) => known with
        {
            Region = known.Region ?? more.Region,
            Country = known.Country ?? more.Country,
            Channel = known.Channel ?? more.Channel,
            Device = known.Device ?? more.Device,
            MemberTier = known.MemberTier ?? more.MemberTier,
            Tags = known.Tags.Count > 0 ? known.Tags : more.Tags,
            EmailOptIn = known.EmailOptIn ?? more.EmailOptIn,
            OptOutMarketing = known.OptOutMarketing ?? more.OptOutMarketing,
            OptOutPersonalisation = known.OptOutPersonalisation ?? more.OptOutPersonalisation,
        });
        return all with
        {
            Id = person.Id,
            AskedFor = id == person.Id ? null : id,
            OtherIds = person.OtherIds,
            Browsers = person.Browsers.Count,
            JoinedAt = first.JoinedAt,
            JoinedFrom = first.JoinedFrom,
        };
    }

    private static CustomerProfile Row(DuckDBDataReader r) => new("", null, [], 0)
    {
        JoinedAt = r.IsDBNull(0) ? null : r.Utc(0),
        JoinedFrom = r.Text(1),
        Region = r.Text(2),
        Country = r.Text(3),
        Channel = r.Text(4),
        Device = r.Text(5),
        MemberTier = r.Text(6),
        Tags = r.IsDBNull(7) ? [] : r.GetFieldValue<List<string>>(7),
        EmailOptIn = r.IsDBNull(8) ? null : r.GetBoolean(8),
        OptOutMarketing = r.IsDBNull(9) ? null : r.GetBoolean(9),
        OptOutPersonalisation = r.IsDBNull(10) ? null : r.GetBoolean(10),
    };
}
