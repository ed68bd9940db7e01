namespace CampaignManager.Engine.Audiences;

/// <summary>Who is in segments: a customer, or customers who are alike in them.</summary>
public interface ISegmentMember
{
    /// <summary>Whether they are in the segment of that key.</summary>
    bool IsIn(string segment);
}

/// <summary>All that an audience asks of a customer, or of customers who are alike in it.</summary>
public interface IAudienceMember : ISegmentMember
{
    /// <summary>True before the first paid order; null where nothing is known of it.</summary>
    bool? IsNew { get; }

    /// <summary>Where they buy; null where that is not known.</summary>
    string? Channel { get; }

    /// <summary>Where they are; null where that is not known.</summary>
    string? Region { get; }
}

/// <summary>The one answer to who is in an audience: for carts, counts and plans alike.</summary>
public static class AudienceMembership
{
    /// <summary>The kind of customers before their first paid order.</summary>
    public const string New = "new";

    /// <summary>The kind of all others.</summary>
    public const string Returning = "returning";

    /// <summary>
    /// Whether a customer is in the audience: in one of its segments where it names any, in none that it leaves out, of its kinds, channels and regions. What is not known of a
    /// customer is nothing that an audience asks for; who is neither known as new nor as returning is in an audience of both.
    /// </summary>
    /// <typeparam name="T">A struct costs no call that is not inlined.</typeparam>
    public static bool Matches<T>(this Audience audience, T member)
        where T : IAudienceMember =>
        OneOf(audience.Channels, member.Channel) && OneOf(audience.Regions, member.Region) && OfKind(audience.CustomerKinds, member.IsNew) && audience.MatchesSegments(member);

    /// <summary>The segments' part of it.</summary>
    /// <typeparam name="T">A struct costs no call that is not inlined.</typeparam>
    public static bool MatchesSegments<T>(this Audience audience, T member)
        where T : ISegmentMember => !AnyOf(audience.NoneOf, member) && (audience.AnyOf.Count == 0 || AnyOf(audience.AnyOf, member));

    private static bool AnyOf<T>(IReadOnlyList<string> segments, T member)
        where T : ISegmentMember
    {
        for (var i = 0; i < segments.Count; i++)
        {
            if (member.IsIn(segments[i]))
                return true;
        }

        return false;
    }

    private static bool OneOf(IReadOnlyList<string> wanted, string? known) => wanted.Count == 0 || (known is not null && wanted.Contains(known));

    private static bool OfKind(IReadOnlyList<string> kinds, bool? isNew) =>
        kinds.Count == 0 || (kinds.Contains(New) && kinds.Contains(Returning)) || (isNew is { } known && kinds.Contains(known ? New : Returning));
}
