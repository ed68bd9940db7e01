namespace CampaignManager.Web.Localization;

/// <summary>Marks the texts of uplift pages.</summary>
public sealed class UpliftTexts;
