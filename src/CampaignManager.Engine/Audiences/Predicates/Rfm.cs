namespace CampaignManager.Engine.Audiences.Predicates;

/// <summary>What a score of RFM is of.</summary>
public enum RfmPart
{
    /// <summary>How lately they ordered: 5 are the latest.</summary>
    Recency,

    /// <summary>How many orders: 5 are the most.</summary>
    Frequency,

    /// <summary>How much they paid for goods: 5 are the most.</summary>
    Monetary,
}

/// <summary>
/// Scores 1 to 5 by fifths of the customers who ever ordered (Hughes 1994): 5 is the best fifth. Who is equal scores equal, so fifths may differ in size. Who never ordered has none.
/// </summary>
public static class Rfm
{
    /// <summary>The best.</summary>
    public const int Best = 5;

    /// <summary>The score of a customer.</summary>
    /// <param name="worse">Buyers who are strictly worse.</param>
    /// <param name="buyers">All buyers, this one included.</param>
    public static int Score(long worse, long buyers) => (int)(1 + (Best * worse / buyers));
}
