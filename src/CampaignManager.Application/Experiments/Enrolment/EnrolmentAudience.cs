using CampaignManager.Engine.Audiences;

namespace CampaignManager.Application.Experiments.Enrolment;

/// <summary>What enrolment may ask of somebody: nothing of a cart.</summary>
internal readonly struct EnrolmentMember(IReadOnlyList<string> segments, bool? isNew, string? region) : IAudienceMember
{
    public bool? IsNew => isNew;

    public string? Channel => null;

    public string? Region => region;

    public bool IsIn(string segment) => segments.Contains(segment);
}

/// <summary>
/// An audience as enrolment sees it: where somebody buys is a matter of the cart, and whoever only ever buys elsewhere is as likely in one arm as in the other. At the
/// checkout the whole rule applies.
/// </summary>
internal static class EnrolmentAudience
{
    public static bool Has(Audience audience, EnrolmentMember member) =>
        (audience.Channels.Count == 0 ? audience : audience with { Channels = [] }).Matches(member);
}
