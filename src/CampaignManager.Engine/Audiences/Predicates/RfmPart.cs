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
