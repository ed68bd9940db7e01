using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Rows;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>Customers, and who was put into which arm of a campaign, as raw rows.</summary>
internal sealed class PeopleSpill(MakeRaw raw) : IDisposable
{
    private readonly RawTable customers = raw("raw_customers", """
        n BIGINT, row BIGINT, content_hash BIGINT, customer_id VARCHAR, joined_at TIMESTAMP, region VARCHAR, country VARCHAR, channel VARCHAR, device VARCHAR,
        email_opt_in BOOLEAN, opt_out_marketing BOOLEAN, opt_out_personalisation BOOLEAN, member_tier VARCHAR, tags VARCHAR
        """, "n");

    private readonly RawTable exposures = raw("raw_exposures", """
        n BIGINT, row BIGINT, content_hash BIGINT, campaign_id VARCHAR, customer_id VARCHAR, assigned_at TIMESTAMP, arm INTEGER, propensity DOUBLE, randomised BOOLEAN,
        contacted_at TIMESTAMP, experiment_id VARCHAR, epoch INTEGER, version_id VARCHAR, assignment_id VARCHAR, risk DOUBLE
        """, "n");

    private readonly List<IdPair> pairs = [];
    private readonly ContentHash hash = new();

    public long Customers => customers.Rows;

    public long Exposures => exposures.Rows;

    public IReadOnlyList<IdPair> Pairs => pairs;

    public void Add(CustomerRow c, long n)
    {
        pairs.AddRange(c.OtherIds.Where(o => o != c.Id).Select(o => new IdPair(o, c.Id, LakeAliases.Customer, c.JoinedAt)));
        var content = hash.Begin().Of(c.JoinedAt).Of(c.Region).Of(c.Country).Of(c.Channel).Of(c.Device).Of(c.EmailOptIn).Of(c.OptOutMarketing)
            .Of(c.OptOutPersonalisation).Of(c.MemberTier).Of(c.Tags).Value;
        customers.Row().AppendValue(n).AppendValue(c.Row).AppendValue(content).AppendValue(c.Id).AppendValue(c.JoinedAt).AppendValue(c.Region).AppendValue(c.Country)
            .AppendValue(c.Channel).AppendValue(c.Device).AppendValue(c.EmailOptIn).AppendValue(c.OptOutMarketing).AppendValue(c.OptOutPersonalisation)
            .AppendValue(c.MemberTier).AppendValue(c.Tags.Count == 0 ? null : string.Join('\n', c.Tags)).EndRow();
    }

    public void Add(ExposureRow e, long n)
    {
        hash.Begin().Of(e.AssignedAt).Of(e.Arm).Of(e.Propensity).Of(e.Randomised).Of(e.ContactedAt);
        // What a shop says of its own campaigns has the hash it always had, so that a file that comes again is known again.
        var content = e.ExperimentId is null ? hash.Value : hash.Of(e.VersionId).Of(e.AssignmentId).Of(e.Risk).Value;
        exposures.Row().AppendValue(n).AppendValue(e.Row).AppendValue(content).AppendValue(e.CampaignId).AppendValue(e.CustomerId).AppendValue(e.AssignedAt)
            .AppendValue(e.Arm).AppendValue(e.Propensity).AppendValue(e.Randomised).AppendValue(e.ContactedAt)
            .AppendValue(e.ExperimentId ?? e.CampaignId).AppendValue(e.Epoch).AppendValue(e.VersionId).AppendValue(e.AssignmentId ?? e.CustomerId).AppendValue(e.Risk).EndRow();
    }

    public void Close()
    {
        customers.Close();
        exposures.Close();
    }

    public void Dispose()
    {
        customers.Dispose();
        exposures.Dispose();
    }
}
