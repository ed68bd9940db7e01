using System.Globalization;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Campaigns.Epochs;
using CampaignManager.Application.Offers;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Application.Experiments.Enrolment;

/// <summary>What a shop that shows campaigns itself is to show a customer.</summary>
/// <param name="CampaignId">The campaign.</param>
/// <param name="Arm"><c>control</c> (show nothing), <c>current</c> or a variant's key; null where the customer is not to have it anyway.</param>
/// <param name="Eligible">The campaign is for the customer, now, if the cart fits. The arm has no part in it.</param>
/// <param name="Reason">Why not; <c>eligible</c>, or <c>global-holdout</c> for whom every campaign holds out.</param>
public sealed record Decision(Guid CampaignId, string? Arm, bool Eligible, string Reason);

/// <summary>Decides for shops that show campaigns themselves, and writes down who enters which experiment before it answers: to show an offer is to treat.</summary>
public sealed class DecisionService
{
    public const string NotLive = "not-live";

    public const string HeldOutOfAll = "global-holdout";

    private readonly LiveOffers live;
    private readonly CustomerCampaigns campaigns;
    private readonly QuoteEnrolment door;
    private readonly TimeProvider time;

    internal DecisionService(LiveOffers live, CustomerCampaigns campaigns, QuoteEnrolment door, TimeProvider time) =>
        (this.live, this.campaigns, this.door, this.time) = (live, campaigns, door, time);

    /// <param name="question">Whom it is about, under the id that everything is kept under.</param>
    /// <param name="asked">Campaigns; none: all that are live and take no code.</param>
    /// <param name="forReal">False: nothing is written.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<Decision>> DecideAsync(
        CustomerQuestion question, IReadOnlyList<Guid> asked, bool forReal, CancellationToken cancellationToken)
    {
        var offers = await live.CurrentAsync(cancellationToken);
        var chosen = asked.Count == 0
            ? [.. offers.ById.Values.Where(c => c.Status == CampaignStatus.Live && !c.TakesCode).Select(c => c.Id).Order()]
            : asked.Distinct().ToList();
        var held = chosen.Select(id => offers.ById.GetValueOrDefault(id.ToString())).OfType<HeldCampaign>().ToList();
        if (forReal)
        {
            await door.EnterAsync(
                question.Id, new EnrolmentMember(question.Segments, question.IsNew, question.Region), [.. held.Where(offers.Measured.Contains)], offers, cancellationToken);
        }

        var heldOut = offers.HoldsOutOfAll(question.Id, time.GetUtcNow().UtcDateTime);
        var rows = (await campaigns.ListAsync(question, Explain.Full, CultureInfo.InvariantCulture, cancellationToken, blind: true)).ToDictionary(r => r.CampaignId);
        return [.. chosen.Select(id => Of(id, rows.GetValueOrDefault(id), offers.ById.GetValueOrDefault(id.ToString()), question.Id, heldOut))];
    }

    private static Decision Of(Guid id, CustomerCampaign? row, HeldCampaign? campaign, string customer, bool heldOutOfAll) =>
        row is null || campaign is null ? new Decision(id, null, false, NotLive)
        : !row.Eligible ? new Decision(id, null, false, row.Why)
        : heldOutOfAll ? new Decision(id, EpochArm.Control, true, HeldOutOfAll)
        : new Decision(id, ArmOf(campaign, customer), true, row.Why);

    private static string ArmOf(HeldCampaign campaign, string customer) =>
        campaign.Epoch is { } epoch ? EpochArm.Of(epoch.Arms, epoch.Cuts.Of(epoch.Salt, customer)).Key
        : campaign is { Salt: { } salt, HoldoutShare: > 0 and var share } && Assignment.IsControl(salt, customer, share) ? EpochArm.Control : EpochArm.Current;
}
