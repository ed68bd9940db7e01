namespace CampaignManager.Web.Uplift;

/// <summary>Marks the texts of uplift pages.</summary>
public sealed class UpliftTexts;
