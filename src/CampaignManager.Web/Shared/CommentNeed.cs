namespace CampaignManager.Web.Shared;

/// <summary>Whether a dialog asks for a comment.</summary>
public enum CommentNeed
{
    None,
    Optional,
    Required,
}
