namespace CampaignManager.Web.Localization;

/// <summary>Marks the texts of replays.</summary>
public sealed class ReplayTexts;
