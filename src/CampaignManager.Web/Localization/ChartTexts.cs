namespace CampaignManager.Web.Localization;

/// <summary>Marks the texts of chart pages.</summary>
public sealed class ChartTexts;
